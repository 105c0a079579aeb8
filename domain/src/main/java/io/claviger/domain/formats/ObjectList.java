package io.claviger.domain.formats;

/**
 * How the objects of a kind are listed at a provider.
 *
 * @param path the path below the service's endpoint
 * @param shape the shape of answers and of their pages
 */
public record ObjectList(String path, ModelListShape shape) {}
