@NullMarked
package io.claviger.gateway.model;

import org.jspecify.annotations.NullMarked;
