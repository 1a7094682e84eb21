"""Office 365 and Outlook.com contacts: signing in with msal, contacts through Microsoft Graph with httpx2."""
