/** Traces, metrics and logs for a collector of OpenTelemetry. */
@NullMarked
package io.claviger.bootstrap.telemetry;

import org.jspecify.annotations.NullMarked;
