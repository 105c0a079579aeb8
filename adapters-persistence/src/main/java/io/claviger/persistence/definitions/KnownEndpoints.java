package io.claviger.persistence.definitions;

import io.claviger.domain.definitions.Endpoint;
import java.util.concurrent.ConcurrentHashMap;

/** Endpoints as they stand in rows. There are few, and to read one takes microseconds. */
public final class KnownEndpoints {
  private static final int MOST = 10_000;
  private static final ConcurrentHashMap<String, Endpoint> BY_URL = new ConcurrentHashMap<>();

  private KnownEndpoints() {}

  public static Endpoint of(String url) {
    Endpoint known = BY_URL.get(url);
    if (known != null) {
      return known;
    }
    Endpoint read = Endpoint.of(url);
    if (BY_URL.size() < MOST) {
      BY_URL.put(url, read);
    }
    return read;
  }
}
