/**
 * Metrics for operators, in Prometheus' text format. Labels never contain a handle, key or address.
 */
@NullMarked
package io.claviger.bootstrap.metrics;

import org.jspecify.annotations.NullMarked;
