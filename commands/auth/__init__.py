"""Who may do what: passwords (服务密码), random codes (随机码), certificates, locks."""
