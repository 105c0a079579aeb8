package io.claviger.architecture.broken.web.things;

public final class PageManager {}
