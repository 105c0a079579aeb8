package io.claviger.web.projects;

import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.domain.Description;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.server.Address;
import java.util.List;

/** Reads what is written of projects. */
final class ProjectReader {
  static final List<String> READ_ONLY =
      List.of("id", "owner", "handle", "ref", "role", "instance_access", "gateway_url");

  private ProjectReader() {}

  /**
   * @param caller whose service is meant where only a handle is given
   */
  static ProjectCommand command(JsonObject fields, Handle caller) {
    return new ProjectCommand(
        fields.value("description", JsonConverter.text(Description::new)),
        fields.nullable(
            "service", JsonConverter.text(text -> InstanceRef.of(Address.completed(text, caller)))),
        fields.value("allow_dimension_change", JsonConverter.FLAG).or(false));
  }
}
