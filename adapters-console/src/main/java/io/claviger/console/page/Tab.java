package io.claviger.console.page;

/**
 * One of several views that show different sides of the same thing. Each view has its own address.
 *
 * @param current whether this is the view that is shown
 */
public record Tab(String label, String path, boolean current) {}
