"""What people are told: by WeChat, by SMS, or by a call, each thing once."""
