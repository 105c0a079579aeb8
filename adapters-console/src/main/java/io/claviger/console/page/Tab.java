package io.claviger.console.page;

/**
 * One of several views of the same thing, each of which has an address.
 *
 * @param current whether it is the one that is shown
 */
public record Tab(String label, String path, boolean current) {}
