package io.claviger.console.instances;

import io.claviger.console.page.Tab;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The views of a service. */
public enum ServiceTab {
  OVERVIEW("Overview", "", rights -> true),
  PEOPLE("People", "/people", ServiceRights::seeShares),
  CONNECT("Connect", "/connect", ServiceRights::use),
  KEY("Key", "/key", rights -> true),
  SETTINGS("Settings", "/settings", ServiceRights::describe),
  ACTIVITY("Activity", "/activity", rights -> true);

  private final String label;
  private final String address;
  private final Predicate<ServiceRights> offered;

  ServiceTab(String label, String address, Predicate<ServiceRights> offered) {
    this.label = label;
    this.address = address;
    this.offered = offered;
  }

  /** Returns the last part of the tab's address: the part after the address of the service. */
  String address() {
    return address;
  }

  /**
   * Returns the tabs of a service that the viewer may open. The shown tab is always among the
   * returned tabs.
   *
   * @param path the address of the service's page
   */
  static List<Tab> of(String path, ServiceRights rights, ServiceTab current) {
    return Stream.of(values())
        .filter(tab -> tab == current || tab.offered.test(rights))
        .map(tab -> new Tab(tab.label, path + tab.address, tab == current))
        .toList();
  }
}
