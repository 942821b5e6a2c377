# make run    the app with its own PostgreSQL and queue (PORT=8000 DATA_DIR=var choose where)
# make test   every check and every test
# The rest: check format look faults bench demo-reset lock clean

.DEFAULT_GOAL := run
.PHONY: run test check format look faults bench demo-reset lock clean environment environment-dev

PY := .venv/bin/python
# A deployment as the deployment check wants to see it.
PRODUCTION := DEMO=0 ALLOWED_HOSTS=mentoring.example.org SITE_URL=https://mentoring.example.org \
  EMAIL_URL=smtp://localhost:25 SECRET_KEY=only-for-the-deployment-check-0123456789-abcdefghijklmnopq
TEMPLATES := find templates -name '*.html' -print0
LOCK := .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-emit-find-links --no-header

run: environment
	@exec $(PY) -m mentoring.embedded.supervise

test: check
	@rm -f .coverage .coverage.*
	@$(PY) -m coverage run -m pytest -n 2 --dist loadfile --no-loadscope-reorder
	@$(PY) -m coverage combine --quiet
	@$(PY) -m coverage report

check: environment-dev
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/ruff check --quiet .
	@$(TEMPLATES) | xargs -0 -r .venv/bin/djade --check --target-version 5.2
	@$(PY) -c 'from importlinter.cli import lint_imports_command as run; run(["--no-logo"])'
	@$(PRODUCTION) $(PY) -m mentoring.embedded --throw-away sh -c \
	  '$(PY) manage.py makemigrations --check --dry-run && $(PY) manage.py check --deploy --fail-level WARNING'

format: environment-dev
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .
	@$(TEMPLATES) | xargs -0 -r .venv/bin/djade --target-version 5.2

# Screens of every page into var/look.
look: environment-dev
	@$(PY) -m pytest tests/look

# Worker, queue and database hurt while alerts are on their way.
faults: environment-dev
	@$(PY) -m tests.faults

# What pages cost, in bare views; ROWS=small leaves out the database with 1,000,000 versions.
bench: environment-dev
	@$(PY) -m bench

demo-reset: environment
	@$(PY) -m mentoring.embedded.reset

lock: environment-dev
	@$(LOCK) -o requirements.txt requirements.in
	@$(LOCK) -o requirements-dev.txt requirements-dev.in

# Never the data folder.
clean:
	@rm -rf .venv .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* htmlcov
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

environment:
	@bin/environment

environment-dev:
	@bin/environment dev
