"""Kernels forked from one server that has everything imported already (Linux only).

Nearly all of a short notebook's time is the start and the imports of its kernel. The
server (:mod:`.server`) pays for these once in a command; the provisioner
(:mod:`.provisioner`) asks it for a kernel and hands it to jupyter_client. This package
can be removed without changing any output: kernels are then started the ordinary way,
as they are on other systems, on trouble, and in JupyterLab.
"""
