package io.claviger.console.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Builds the address of a page of the console, including the query. */
public final class Links {
  private final StringBuilder address;
  private boolean hasQuery;

  private Links(String path) {
    this.address = new StringBuilder(path);
  }

  public static Links to(String path) {
    return new Links(path);
  }

  /** Adds a parameter to the address, unless the value of the parameter is empty. */
  public Links with(String name, String value) {
    return value.isEmpty() ? this : withAny(name, value);
  }

  /**
   * Adds a parameter even if its value is empty. An empty parameter and a missing parameter have
   * different meanings.
   */
  public Links withAny(String name, String value) {
    address
        .append(hasQuery ? '&' : '?')
        .append(name)
        .append('=')
        .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    hasQuery = true;
    return this;
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
