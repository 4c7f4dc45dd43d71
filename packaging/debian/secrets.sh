# For . in a shell: the secrets that systemd gives to the units, for verbs. As systemd reads them, and only
# what is not set yet.
secrets=/etc/hallgate/environment
if [ "${HALLGATE_CONFIG:-}" = /etc/hallgate/gateway.yaml ] && [ -r "$secrets" ]; then
    while IFS= read -r line || [ -n "$line" ]; do
        name=${line%%=*}
        value=${line#*=}
        case $name in '' | "$line" | [0-9]* | *[!A-Za-z0-9_]*) continue ;; esac
        case $value in \"*\" | \'*\') value=${value#?} value=${value%?} ;; esac
        printenv "$name" >/dev/null || export "$name=$value"
    done <"$secrets"
fi
