# FERscope in a container: docs/deployment.md. Python is the version that the tests run on.
FROM python:3.11-slim
WORKDIR /app

# PyTorch without CUDA, which a camera's frames do not need: 200 MB instead of several GB.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
COPY requirements.txt .
RUN pip install --no-cache-dir --extra-index-url "$TORCH_INDEX" -r requirements.txt

COPY . .
RUN python -m compileall -q core dashboard && useradd --system --home-dir /app ferscope
USER ferscope

# Visitors may not change the server's files.
ENV FERSCOPE_READ_ONLY=1
# Two pools of memory for all threads instead of sixteen: what ended webcam streams leave free serves the next.
ENV MALLOC_ARENA_MAX=2
EXPOSE 8501
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=3)"]
CMD ["python", "-m", "streamlit", "run", "streamlit_app.py", "--server.address=0.0.0.0", "--server.port=8501"]
