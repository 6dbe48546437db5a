"""What each customer did in each month, to the cent, and what is known of each at a month end."""
