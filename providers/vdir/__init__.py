"""A folder of vCards, as khard, vdirsyncer and pimsync keep it."""
