"""Allowances (套餐余量): what plan and services include this month, what is used and left."""
