/* Calls on clocks and timers. What would set a clock is given what no clock can be set to. */
#include "call.h"
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <time.h>

static char buffer[4096];

static void handle(int number)
{
	(void)number;
}

int main(int argc, char **argv)
{
	struct timespec nano = { 0, 1000 }, invalid = { -1, 2000000000 };
	struct timeval micro = { 1, -2 };
	struct itimerval soon = { { 0, 0 }, { 0, 20000 } };
	struct itimerval value = { { 0, 0 }, { 100, 5 } };
	struct itimerspec spec = { { 0, 0 }, { 100, 5 } };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1 };
	struct timex timex = { 0 };
	int fd, timer = -1;

	(void)argc;
	signal(SIGALRM, SIG_IGN);
	event.sigev_value.sival_int = 7;
	event._sigev_un._tid = getpid();
	CALL(SYS_time, P(buffer));
	CALL(SYS_time, 0);
	CALL(SYS_time, NOWHERE);
	CALL(SYS_gettimeofday, P(buffer), P(buffer + 100));
	CALL(SYS_gettimeofday, 0, 0);
	CALL(SYS_settimeofday, P(&micro), 0);
	CALL(SYS_settimeofday, P(&micro), P("\1\0\0\0\2\0\0\0"));
	CALL(SYS_adjtimex, P(&timex));
	CALL(SYS_adjtimex, NOWHERE);
	CALL(SYS_clock_adjtime, CLOCK_REALTIME, P(&timex));
	timex.modes = 0x1ffff;
	CALL(SYS_clock_adjtime, 99, P(&timex));
	CALL(SYS_clock_gettime, CLOCK_BOOTTIME, P(&nano));
	CALL(SYS_clock_gettime, -6, P(&nano));
	CALL(SYS_clock_gettime, CLOCK_REALTIME, NOWHERE);
	CALL(SYS_clock_settime, CLOCK_REALTIME, P(&invalid));
	CALL(SYS_clock_settime, CLOCK_MONOTONIC, P(&nano));
	CALL(SYS_clock_getres, CLOCK_MONOTONIC_COARSE, P(&nano));
	CALL(SYS_clock_getres, 77, 0);
	nano = (struct timespec){ 0, 1000 };
	CALL(SYS_nanosleep, P(&nano), P(buffer));
	CALL(SYS_nanosleep, P(&invalid), 0);
	CALL(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, P(&nano), 0);
	CALL(SYS_clock_nanosleep, CLOCK_REALTIME, 6, P(&nano), P(buffer));
	/* A signal comes, and says what is left. */
	signal(SIGALRM, handle);
	nano.tv_sec = 100;
	CALL(SYS_setitimer, ITIMER_REAL, P(&soon), 0);
	CALL(SYS_nanosleep, P(&nano), P(buffer));
	CALL(SYS_setitimer, ITIMER_REAL, P(&soon), 0);
	CALL(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, P(&nano), P(buffer));
	nano.tv_sec = 1L << 40;
	CALL(SYS_setitimer, ITIMER_REAL, P(&soon), 0);
	CALL(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, P(&nano), P(buffer));
	signal(SIGALRM, SIG_IGN);
	CALL(SYS_alarm, 100);
	CALL(SYS_alarm, 0);
	CALL(SYS_setitimer, ITIMER_VIRTUAL, P(&value), P(buffer));
	CALL(SYS_getitimer, ITIMER_VIRTUAL, P(buffer));
	CALL(SYS_setitimer, ITIMER_PROF, 0, P(buffer));
	CALL(SYS_setitimer, 9, P(&value), 0);
	CALL(SYS_timer_create, CLOCK_MONOTONIC, P(&event), P(&timer));
	event.sigev_notify = SIGEV_SIGNAL;
	CALL(SYS_timer_create, CLOCK_REALTIME, P(&event), P(&timer));
	CALL(SYS_timer_create, CLOCK_TAI, 0, P(&timer));
	CALL(SYS_timer_create, 99, 0, NOWHERE);
	CALL(SYS_timer_settime, timer, TIMER_ABSTIME, P(&spec), P(buffer));
	CALL(SYS_timer_settime, timer, 0, P(&spec), 0);
	CALL(SYS_timer_gettime, timer, P(buffer));
	CALL(SYS_timer_getoverrun, timer);
	CALL(SYS_timer_delete, timer);
	CALL(SYS_timer_delete, 99);
	CALL(SYS_times, P(buffer));
	CALL(SYS_times, 0);
	fd = CALL(SYS_timerfd_create, CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	CALL(SYS_timerfd_settime, fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, P(&spec), P(buffer));
	CALL(SYS_timerfd_gettime, fd, P(buffer));
	CALL(SYS_timerfd_settime, -1, 4, P(&invalid), 0);
	return finish(argv[1]);
}
