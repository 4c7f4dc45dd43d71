"""The service password (服务密码): changing, resetting and drawing one, and the rules
for a new one."""
