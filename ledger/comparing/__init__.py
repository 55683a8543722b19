"""两本账对账: our ledger beside another list of the same people; pure, from reported records to what is not the same."""
