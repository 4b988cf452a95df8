"""What stands before every page that Pathways serves: who may come in, and what may be asked of Dagster.

door.py      host names, the page that asks, the printed address and the cookie: for all pages
requests.py  bodies and JSON of bounded size: for all pages
headers.py   what browsers are told: for all pages
graphql.py   what a GraphQL document may do
guard.py     the middleware before Dagster's webserver
serving.py   Dagster's webserver behind it
__main__.py  the command of the webserver containers
health.py    whether a webserver answers, for the health checks of its container

Belongs here: what the webserver image needs. So nothing here imports the rest of the repository.
"""
