package io.claviger.console.people;

import io.claviger.console.page.FormState;
import java.util.List;

/**
 * The page that says what ends with an account, before it is deleted.
 *
 * @param services the references of the services that would be deleted; perhaps not all of them
 * @param projects the same of projects
 * @param moreServices whether there are more services than these
 * @param moreProjects whether there are more projects than these
 * @param mayOffer whether the viewer may offer them to an heir
 * @param openFor for how many days such an offer can be accepted
 */
public record LeavingModel(
    PersonLine person,
    List<String> services,
    boolean moreServices,
    List<String> projects,
    boolean moreProjects,
    boolean mayOffer,
    long openFor,
    FormState form) {
  public LeavingModel {
    services = List.copyOf(services);
    projects = List.copyOf(projects);
  }
}
