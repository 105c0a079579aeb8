@NullMarked
package io.claviger.application.transfers;

import org.jspecify.annotations.NullMarked;
