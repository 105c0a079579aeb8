package io.claviger.console.registering;

import io.claviger.console.services.CheckLine;
import io.claviger.console.services.ServiceLine;

/** A service that was just registered, and whether it answers. */
public record RegisteredModel(ServiceLine line, CheckLine check) {}
