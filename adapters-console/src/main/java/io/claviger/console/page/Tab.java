package io.claviger.console.page;

/**
 * One of several views of the same object. Each has an address of its own.
 *
 * @param current whether it is the one that is shown
 */
public record Tab(String label, String path, boolean current) {}
