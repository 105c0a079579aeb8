package io.claviger.client.http;

import io.claviger.client.json.JsonTrees;

/** Finds the gateway of a server. */
public final class GatewayUrl {
  private GatewayUrl() {}

  /** Its address, which ends in {@code /gateway}. */
  public static String of(Api api) {
    return JsonTrees.text(api.startPage(), "gateway");
  }
}
