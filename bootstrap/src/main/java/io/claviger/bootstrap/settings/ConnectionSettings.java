package io.claviger.bootstrap.settings;

/**
 * How many connections each of the two listeners keeps open at once.
 *
 * @param most in all
 * @param mostPerAddress of one IPv4 address or one IPv6 /64 network; the addresses of trusted
 *     proxies are exempt, since many callers stand behind each
 */
public record ConnectionSettings(int most, int mostPerAddress) {
  private static final String MOST = "CLAVIGER_MAX_CONNECTIONS";
  private static final String MOST_PER_ADDRESS = "CLAVIGER_MAX_CONNECTIONS_PER_ADDRESS";
  private static final int LARGEST = 1_000_000;
  private static final int STANDARD_MOST = 4_096;
  private static final int STANDARD_PER_ADDRESS = 1_024;

  /** Where only the bound in all is given, and is the lower one, it holds for an address too. */
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
