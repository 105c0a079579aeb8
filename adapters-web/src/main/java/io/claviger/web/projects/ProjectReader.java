package io.claviger.web.projects;

import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.domain.Description;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.web.json.AppliedByField;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.server.Address;
import java.util.List;

/** Reads the body of a write of a project. */
final class ProjectReader {
  static final List<String> READ_ONLY =
      List.of("id", "owner", "handle", "ref", "role", "instance_access", "gateway_url");

  private ProjectReader() {}

  /**
   * Reads a write.
   *
   * @param caller the owner of a service that is named by its handle alone
   */
  static ProjectCommand command(JsonObject fields, Handle caller) {
    return new ProjectCommand(
        fields.value("description", JsonConverter.text(Description::new)),
        fields.nullable(
            "service", JsonConverter.text(text -> InstanceRef.of(Address.completed(text, caller)))),
        fields.value("allow_dimension_change", JsonConverter.FLAG).or(false),
        AppliedByField.read(fields));
  }
}
