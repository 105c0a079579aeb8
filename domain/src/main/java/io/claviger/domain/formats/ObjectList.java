package io.claviger.domain.formats;

/**
 * How the objects of a kind are listed at a provider.
 *
 * @param path below the service's endpoint
 * @param shape what answers look like, and how they are paged
 */
public record ObjectList(String path, ModelListShape shape) {}
