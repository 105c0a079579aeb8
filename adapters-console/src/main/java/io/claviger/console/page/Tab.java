package io.claviger.console.page;

/**
 * One of several views of the same thing. Each view has its own address.
 *
 * @param current whether this view is shown
 */
public record Tab(String label, String path, boolean current) {}
