"""消息推送: what happens is told to the bureaus' own systems, signed as standard-webhooks asks."""
