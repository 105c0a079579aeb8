package io.claviger.architecture.broken.web.things;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.function.Function;

/** Asks for the address of whatever it is given. */
public final class LooksUp {
  private LooksUp() {}

  public static InetAddress address(String text) throws UnknownHostException {
    return InetAddress.getByName(text);
  }

  public static InetSocketAddress socket(String host) {
    return new InetSocketAddress(host, 80);
  }

  public static Function<InetAddress, String> reference() {
    return InetAddress::getCanonicalHostName;
  }
}
