// Whoever stands here now: forgotten when the time is over, when they say so, and when the page goes.

const SECONDS = 60, WITH_HELP = 180, WARN = 15;

export class Session {
  constructor(onTick, onEnd) {
    this.onTick = onTick;
    this.onEnd = onEnd;
    this.assisted = false;
    this.person = null;
    this.timer = null;
    this.touch = this.touch.bind(this);
  }

  get most() {
    return this.assisted ? WITH_HELP : SECONDS;
  }

  begin(person) {
    this.person = person;
    this.left = this.most;
    document.addEventListener("pointerdown", this.touch, true);
    document.addEventListener("keydown", this.touch, true);
    clearInterval(this.timer);
    this.timer = setInterval(() => this.tick(), 1000);
    this.onTick(this.left, this.most, false);
  }

  touch() {
    this.left = this.most;
    this.onTick(this.left, this.most, false);
  }

  tick() {
    this.left -= 1;
    if (this.left <= 0) this.end();
    else this.onTick(this.left, this.most, this.left <= WARN);
  }

  end() {
    clearInterval(this.timer);
    document.removeEventListener("pointerdown", this.touch, true);
    document.removeEventListener("keydown", this.touch, true);
    this.person = null;
    this.onEnd();
  }
}
