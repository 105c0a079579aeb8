package io.claviger.console.services;

import io.claviger.application.instances.InstanceView;
import io.claviger.console.page.Difference;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.sharing.Role;
import java.util.ArrayList;
import java.util.List;

/** The settings of a service, as its page shows them. */
final class ServiceFacts {
  private static final List<InstanceField> SHOWN =
      List.of(
          InstanceField.PROVIDER,
          InstanceField.MODEL,
          InstanceField.ENDPOINT,
          InstanceField.API_STANDARD,
          InstanceField.DIMENSIONS,
          InstanceField.CONTEXT_LIMIT,
          InstanceField.ORGANIZATION,
          InstanceField.DESCRIPTION,
          InstanceField.NOTE);

  private ServiceFacts() {}

  static List<ServiceModel.Fact> of(InstanceView view) {
    Instance instance = view.instance();
    List<ServiceModel.Fact> facts = new ArrayList<>();
    for (InstanceField field : SHOWN) {
      field
          .plain(instance.settings())
          .map(Object::toString)
          .filter(value -> !value.isEmpty())
          .ifPresent(value -> facts.add(new ServiceModel.Fact(words(field), value)));
    }
    facts.add(new ServiceModel.Fact("Calls use", policy(instance.keyPolicy())));
    view.role().ifPresent(role -> facts.add(new ServiceModel.Fact("Your role", role(view, role))));
    view.until()
        .ifPresent(
            end -> facts.add(new ServiceModel.Fact("Your share ends", end.toString(), true)));
    return facts;
  }

  private static String role(InstanceView view, Role role) {
    return ServiceLine.name(role) + view.via().map(group -> ", by @" + group).orElse("");
  }

  private static String words(InstanceField field) {
    return field == InstanceField.API_STANDARD ? "API standard" : Difference.term(field.wireName());
  }

  private static String policy(KeyPolicy policy) {
    if (!policy.userKeys()) {
      return "the stored key";
    }
    return policy.fallbackToCentral()
        ? "the caller's own key, or else the stored one"
        : "the caller's own key";
  }
}
