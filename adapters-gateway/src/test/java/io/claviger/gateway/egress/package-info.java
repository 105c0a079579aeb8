@NullMarked
package io.claviger.gateway.egress;

import org.jspecify.annotations.NullMarked;
