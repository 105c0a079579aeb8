package io.claviger.web.defaults;

import io.claviger.domain.instances.EffectiveDefault;
import java.util.Locale;

/** A user's default service as things stand, and whose choice it is. */
record DefaultJson(String service, String source) {
  static DefaultJson of(EffectiveDefault effective) {
    return new DefaultJson(
        effective.service().toString(), effective.source().name().toLowerCase(Locale.ROOT));
  }
}
