from simulators.identity.command_line import main

if __name__ == "__main__":
    raise SystemExit(main(prog="python -m simulators.identity"))
