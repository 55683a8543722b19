"""招聘会现场: booths, invitations and their cards, devices and what is said at them, and what becomes of it afterwards."""
