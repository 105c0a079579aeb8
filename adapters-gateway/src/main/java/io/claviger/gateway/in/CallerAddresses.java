package io.claviger.gateway.in;

import java.util.List;

/** Finds the address of a caller, who may have come through a trusted proxy. */
@FunctionalInterface
public interface CallerAddresses {
  /**
   * @param peer the address of the connection
   * @param forwardedFor the values of {@code X-Forwarded-For}
   * @param forwarded the values of {@code Forwarded}
   */
  String of(String peer, List<String> forwardedFor, List<String> forwarded);
}
