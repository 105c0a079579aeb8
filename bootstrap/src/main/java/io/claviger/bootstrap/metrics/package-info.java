/**
 * Metrics for operators, in Prometheus' text format. Labels never contain a handle, key or address.
 */
package io.claviger.bootstrap.metrics;
