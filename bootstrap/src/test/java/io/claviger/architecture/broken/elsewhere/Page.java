package io.claviger.architecture.broken.elsewhere;

public final class Page {}
