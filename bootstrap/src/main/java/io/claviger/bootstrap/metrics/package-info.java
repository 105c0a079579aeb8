/** Figures for operators, in Prometheus' text format. No handle, key or address is ever a label. */
@NullMarked
package io.claviger.bootstrap.metrics;

import org.jspecify.annotations.NullMarked;
