from simulators.boss.command_line import main

if __name__ == "__main__":
    raise SystemExit(main(prog="python -m simulators.boss"))
