package io.claviger.domain.formats;

/**
 * Says how objects of one kind are listed at a provider.
 *
 * @param path the path below the service's endpoint
 * @param shape the form of answers and of their pages
 */
public record ObjectList(String path, ModelListShape shape) {}
