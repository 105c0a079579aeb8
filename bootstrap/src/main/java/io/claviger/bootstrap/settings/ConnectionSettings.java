package io.claviger.bootstrap.settings;

/**
 * How many open connections each of the two listeners allows.
 *
 * @param most the number of all connections
 * @param mostPerAddress the number of connections from one IPv4 address or one IPv6 /64 network;
 *     trusted proxies are exempt, because many callers share each of them
 */
public record ConnectionSettings(int most, int mostPerAddress) {
  private static final String MOST = "CLAVIGER_MAX_CONNECTIONS";
  private static final String MOST_PER_ADDRESS = "CLAVIGER_MAX_CONNECTIONS_PER_ADDRESS";
  private static final int LARGEST = 1_000_000;
  private static final int STANDARD_MOST = 4_096;
  private static final int STANDARD_PER_ADDRESS = 1_024;

  /**
   * Reads the settings. If only {@code most} is given, and it is below the default for one address,
   * it also applies to one address.
   */
  static ConnectionSettings read(Environment environment) {
    int most = (int) environment.number(MOST, 1, LARGEST, STANDARD_MOST);
    int standard = Math.min(most, STANDARD_PER_ADDRESS);
    int perAddress = (int) environment.number(MOST_PER_ADDRESS, 1, LARGEST, standard);
    if (perAddress > most) {
      environment.fault(MOST_PER_ADDRESS, "must not exceed " + MOST + ", which is " + most);
    }
    return new ConnectionSettings(most, perAddress);
  }
}
