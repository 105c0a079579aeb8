package io.claviger.console.page;

import java.util.ArrayList;
import java.util.List;

/** The parts of the console, in the order of the navigation. */
public enum Area {
  HOME("Home", "/console", false),
  SERVICES("Services", "/console/services", false),
  USAGE("Usage", "/console/usage", false),
  BUDGETS("Budgets", "/console/budgets", false),
  MODELS("Models", "/console/models", false),
  REQUESTS("Requests", "/console/requests", false),
  WHY("Why", "/console/why", false),
  AUDIT("Audit", "/console/audit", false),
  GROUPS("Groups", "/console/groups", false),
  PEOPLE("People", "/console/people", true),
  OPERATIONS("Operations", "/console/operations", true),
  ACCOUNT("My account", "/console/account", false);

  private final String label;
  private final String path;
  private final boolean forAdministrators;

  Area(String label, String path, boolean forAdministrators) {
    this.label = label;
    this.path = path;
    this.forAdministrators = forAdministrators;
  }

  public String label() {
    return label;
  }

  public String path() {
    return path;
  }

  public static List<Area> offeredTo(boolean administrator) {
    List<Area> offered = new ArrayList<>(List.of(values()));
    offered.removeIf(area -> area == ACCOUNT || (area.forAdministrators && !administrator));
    return List.copyOf(offered);
  }
}
