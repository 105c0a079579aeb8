package io.claviger.bootstrap.doctor;

import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.domain.InvalidValue;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Examines each entry of {@code CLAVIGER_ALLOWED_PRIVATE_HOSTS}. Reports the addresses that calls
 * to users' services may reach because of the entry.
 */
final class PrivateHostsExamination {
  private static final String NAME = "private_hosts";

  private PrivateHostsExamination() {}

  static void of(List<String> entries, Consumer<Finding> findings) {
    if (entries.isEmpty()) {
      findings.accept(Finding.ok(NAME, "users' services can't reach private addresses"));
    }
    entries.forEach(entry -> findings.accept(finding(entry)));
  }

  private static Finding finding(String entry) {
    try {
      AllowedPrivateHosts unused = AllowedPrivateHosts.of(entry);
    } catch (InvalidValue e) {
      return Finding.fail(NAME, "%s is not a valid entry: %s".formatted(entry, e.allowed()));
    }
    boolean range = entry.indexOf('/') >= 0;
    return range ? Finding.ok(NAME, entry + " is allowed (a range)") : resolved(entry);
  }

  private static Finding resolved(String entry) {
    String host =
        entry.startsWith("[")
            ? entry.substring(1, entry.indexOf(']'))
            : entry.replaceFirst("^([^:]*):\\d+$", "$1");
    try {
      String addresses =
          Arrays.stream(InetAddress.getAllByName(host))
              .map(InetAddress::getHostAddress)
              .distinct()
              .collect(Collectors.joining(", "));
      return Finding.ok(
          NAME,
          addresses.equals(host)
              ? entry + " is allowed"
              : "%s is allowed: %s".formatted(entry, addresses));
    } catch (UnknownHostException e) {
      return Finding.warn(NAME, entry + " is allowed, but the name does not resolve");
    }
  }
}
