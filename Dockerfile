# FERscope in a container; see docs/deployment.md. Python is 3.11, as in the tests.
FROM python:3.11-slim
WORKDIR /app

# PyTorch without CUDA: 200 MB instead of several GB.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
COPY requirements.txt requirements.lock ./
RUN pip install --no-cache-dir --extra-index-url "$TORCH_INDEX" -r requirements.txt -c requirements.lock

COPY . .
RUN python -m compileall -q core dashboard && useradd --system --home-dir /app ferscope
# The face detector YuNet, while root may write. Without network, the image is built without it.
RUN python -m core get yunet || echo "Built without YuNet; another face detector is the default."
USER ferscope

# Visitors must not change the server's files.
ENV FERSCOPE_READ_ONLY=1
# Threads share two memory pools of glibc, so that new webcam streams reuse the memory of ended ones.
ENV MALLOC_ARENA_MAX=2
EXPOSE 8501
# Below a path such as /fer/scope, Streamlit reads the path from this variable.
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import os, urllib.request as u; path = os.environ.get('STREAMLIT_SERVER_BASE_URL_PATH', '').strip('/'); u.urlopen('/'.join(['http://127.0.0.1:8501', *filter(None, [path]), '_stcore/health']), timeout=3)"]
# FERSCOPE_ALLOWED_HOSTS lists the host names under which visitors open the app. Without it, any name is accepted.
CMD ["python", "-m", "dashboard.serve", "--server.address=0.0.0.0", "--server.port=8501"]
