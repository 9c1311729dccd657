# JupyterLab with the kernel "Rust (dsprep)" and the notebooks.
#
#   docker build --tag dsprep .
#   docker run --rm --publish 127.0.0.1:8888:8888 dsprep
#
# The second stage holds no source and no built crates: what `dsprep pack` packs, the one compiler that cells need, and
# JupyterLab with the part that JupyterHub and Binder start. The compiled cells of the start page come with it, so that the first cell
# runs at once, and once more in /opt/dsprep/cells, for homes that are mounted in the place of the image's own (`.jupyterhub/kubernetes.yaml`).

FROM debian:bookworm-slim AS build
# A download that fails is to fail the step, and not only its part of the pipe.
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        binutils ca-certificates curl gcc git libc6-dev zstd \
    && rm -rf /var/lib/apt/lists/*
ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo PATH=/usr/local/cargo/bin:$PATH
RUN curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs \
    | sh -s -- -y --no-modify-path --profile minimal --default-toolchain none
WORKDIR /src
COPY . .
RUN cargo run --release -- pack wheel --output-dir /packages

FROM debian:bookworm-slim
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates curl python3 python3-venv tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 learner
ENV RUSTUP_HOME=/opt/rustup CARGO_HOME=/opt/cargo PATH=/opt/lab/bin:/opt/cargo/bin:$PATH
RUN curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs \
    | sh -s -- -y --no-modify-path --profile minimal --default-toolchain none
RUN python3 -m venv /opt/lab \
    && /opt/lab/bin/pip install --no-cache-dir jupyterlab==4.6.6 notebook==7.6.5 jupyterhub==6.1.1
COPY --from=build /packages/*.whl /tmp/
# One kit for all users, beside the program; the compiler that it needs, and no other.
RUN /opt/lab/bin/pip install --no-cache-dir --no-deps /tmp/*.whl \
    && rm /tmp/*.whl \
    && dsprep setup --yes --shared \
    && install --directory --owner learner /opt/dsprep/cells
# By its number, so that Kubernetes sees that it is not root.
USER 1000
WORKDIR /home/learner
RUN dsprep lab --practice --prepare \
    && dsprep run dsprep-practice/00_start_here.ipynb --output-dir /tmp/warm \
    && rm -rf /tmp/warm \
    && cp .cache/dsprep/cells/* /opt/dsprep/cells
EXPOSE 8888
ENTRYPOINT ["tini", "--"]
CMD ["dsprep", "lab", "--practice", "--no-browser", "--port", "8888", "--", "--ip=0.0.0.0"]
