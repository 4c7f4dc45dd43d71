from simulators.phone.terminal import main

if __name__ == "__main__":
    raise SystemExit(main(prog="python -m simulators.phone"))
